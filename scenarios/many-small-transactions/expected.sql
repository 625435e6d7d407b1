-- both
SELECT sum(balance), (SELECT count(*) FROM moved) FROM account
