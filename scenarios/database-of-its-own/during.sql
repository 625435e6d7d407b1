SET default_transaction_read_only = off;
INSERT INTO t VALUES (2);
