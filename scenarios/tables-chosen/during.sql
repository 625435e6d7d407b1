INSERT INTO app.orders DEFAULT VALUES;
INSERT INTO app.orders_log (what) VALUES ('not ours');
UPDATE "Other One"."Big Table" SET v = 'x' WHERE id < 5;
INSERT INTO no_key_but_left_out VALUES (1);
UPDATE no_key_but_left_out SET a = 2;
