CREATE SCHEMA sales;
CREATE SCHEMA kept;
CREATE TABLE sales.purchases (n int, remark text, region text, id int PRIMARY KEY);
CREATE TABLE kept.lines (order_id int, line int, v text, PRIMARY KEY (order_id, line));
CREATE TABLE untouched (id int PRIMARY KEY, v text);
