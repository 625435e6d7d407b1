-- both
SELECT tenant, month, amount, customers FROM reports.sold ORDER BY 1, 2
-- both
SELECT count(*) FROM reports.tree
