UPDATE thing SET name = name || '!' WHERE id IN (1, 60, 110, 160);
