-- Mended where the cause is; the next run validates the key.
INSERT INTO parent VALUES (77);
