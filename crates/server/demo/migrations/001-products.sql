CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
INSERT INTO products (name, cents) VALUES ('Anchor', 12900), ('Rope', 1990), ('Lantern', 4500);
