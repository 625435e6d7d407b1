-- both
SELECT lib.reads_later(), lib.odd_text(), lib.with_defaults(), lib.with_defaults(1, 'a', 'b')
-- both
SELECT * FROM lib.sql_later() ORDER BY 1
