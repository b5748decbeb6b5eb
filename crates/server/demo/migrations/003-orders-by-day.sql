CREATE INDEX orders_by_day ON orders (placed_at);
