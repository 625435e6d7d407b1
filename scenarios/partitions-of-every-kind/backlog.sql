UPDATE measured SET v = v + 1 WHERE id % 5 = 0;
TRUNCATE measured_2024_a;
