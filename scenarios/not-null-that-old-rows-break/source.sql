-- Since 18 a NOT NULL can be NOT VALID too.
CREATE TABLE plain (id int PRIMARY KEY, w int);
INSERT INTO plain SELECT generate_series(1, 100);
ALTER TABLE plain ADD CONSTRAINT filled NOT NULL w NOT VALID;
