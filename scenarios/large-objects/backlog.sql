SELECT lo_unlink(990002);
SELECT lo_put(990003, 0, 'C');
