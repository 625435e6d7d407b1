UPDATE t SET w = w || 'x', v = v + 1 WHERE id % 5 = 0;
INSERT INTO t VALUES (5000, 4, 'last');
