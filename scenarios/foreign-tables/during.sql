UPDATE near SET v = 'changed' WHERE id < 20;
