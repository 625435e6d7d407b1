UPDATE always SET id = DEFAULT, v = 'late' WHERE id < 5;
INSERT INTO not_the_key (k) VALUES ('late');
