-- source
SELECT id, region, note, n FROM orders WHERE region = 'eu' ORDER BY id
-- destination
SELECT id, region, remark, n FROM sales.purchases ORDER BY id
-- source
SELECT * FROM lines ORDER BY order_id
-- destination
SELECT * FROM kept.lines ORDER BY order_id
