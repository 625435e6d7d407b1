UPDATE app.t SET v = 'changed ' || id WHERE id % 100 = 0;
DELETE FROM app.refers WHERE id < 10;
