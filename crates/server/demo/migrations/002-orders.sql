CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    product INTEGER NOT NULL REFERENCES products (id),
    placed_at TEXT NOT NULL
);
