UPDATE t SET v = 'w';
ALTER SUBSCRIPTION from_elsewhere DISABLE;
DROP SUBSCRIPTION from_elsewhere;
