UPDATE child SET filler = 'y' WHERE id < 100;
