CREATE TABLE account (id int PRIMARY KEY, balance int);
CREATE TABLE moved (id serial PRIMARY KEY, f int REFERENCES account, t int REFERENCES account, n int);
INSERT INTO account SELECT i, 1000 FROM generate_series(1, 100) i;
