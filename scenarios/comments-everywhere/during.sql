UPDATE said.t SET v = 'three' WHERE id = 2;
