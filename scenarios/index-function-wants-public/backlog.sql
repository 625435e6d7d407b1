UPDATE t SET w = 'changed' WHERE id % 100 = 0;
