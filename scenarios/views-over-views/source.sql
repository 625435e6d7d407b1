-- Views of views whose names sort against their order, each kind of option, and one that is written through.
CREATE TABLE base (id int PRIMARY KEY, kind text, amount numeric);
INSERT INTO base SELECT i, 'k' || i % 5, i * 1.5 FROM generate_series(1, 100) i;
CREATE VIEW z_first AS SELECT id, kind, amount FROM base WHERE amount > 3;
CREATE VIEW m_second WITH (security_barrier) AS SELECT kind, sum(amount) AS total FROM z_first GROUP BY kind;
CREATE VIEW a_third AS SELECT b.*, s.total FROM z_first b JOIN m_second s USING (kind);
CREATE VIEW writable AS SELECT id, kind FROM base WHERE kind <> 'k0' WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW counting (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counting WHERE n < 5;
CREATE VIEW with_defaults AS SELECT id, kind FROM base;
ALTER VIEW with_defaults ALTER COLUMN kind SET DEFAULT 'through the view';
CREATE RULE through_the_view AS ON INSERT TO a_third DO INSTEAD INSERT INTO base VALUES (new.id, new.kind, new.amount);
-- A view that names a column of the table's key alone in GROUP BY depends on that key.
CREATE VIEW by_key AS SELECT b.id, b.kind, count(*) FROM base b GROUP BY b.id;
CREATE VIEW odd_words AS SELECT id AS "select", kind AS "a ""quoted"" one", amount AS "ünicode" FROM base;
