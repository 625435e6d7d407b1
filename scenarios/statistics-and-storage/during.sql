UPDATE t SET a = a + 1, c = repeat('e', 3000) WHERE id % 10 = 0;
