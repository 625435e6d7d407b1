UPDATE s.t SET v = 'w' WHERE id = 3;
