UPDATE felt SET m = 'happy', ms = ARRAY[NULL, 'sad']::mood[] WHERE who % 10 = 0;
DELETE FROM of_enum WHERE m = '';
UPDATE felt SET ms = '{}' WHERE m < 'ok';
