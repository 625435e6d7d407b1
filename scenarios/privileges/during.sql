UPDATE owned.t SET secret = 'new' WHERE id = 3;
