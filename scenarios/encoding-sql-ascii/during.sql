UPDATE t SET v = 'Maß' WHERE id < 10;
