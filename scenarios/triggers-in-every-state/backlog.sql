UPDATE watched SET b = 'late' WHERE id > 40;
DELETE FROM watched WHERE id = 1;
