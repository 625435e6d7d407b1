package warp.sandbox.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The shop's tables, in schema {@code shop}, and what is in them when it opens. The same on every
 * version from 9.6 on.
 *
 * @param customers how many; everything else follows from it
 */
record Shop(int customers) {

    Shop {
        if (customers < 10) {
            throw new IllegalArgumentException("a shop has 10 customers or more");
        }
    }

    int products() {
        return customers / 10;
    }

    int orders() {
        return customers * 3;
    }

    /** Tables and primary keys. */
    private static List<String> tables() {
        return List.of(
                "CREATE SCHEMA shop",
                """
                CREATE TABLE shop.customers (id bigserial PRIMARY KEY, name text NOT NULL,
                    email text NOT NULL, address text, points int NOT NULL DEFAULT 0,
                    created timestamptz NOT NULL DEFAULT now())\
                """,
                """
                CREATE TABLE shop.products (id bigserial PRIMARY KEY, name text NOT NULL,
                    description text, price numeric(10,2) NOT NULL, stock int NOT NULL,
                    tags text[] NOT NULL DEFAULT '{}')\
                """,
                """
                CREATE TABLE shop.orders (id bigserial PRIMARY KEY, customer_id bigint NOT NULL,
                    status text NOT NULL, total numeric(12,2) NOT NULL DEFAULT 0,
                    placed timestamptz NOT NULL DEFAULT now(), shipped timestamptz)\
                """,
                """
                CREATE TABLE shop.order_items (order_id bigint, line int, product_id bigint NOT
                    NULL, quantity int NOT NULL CHECK (quantity > 0), price numeric(10,2) NOT NULL,
                    PRIMARY KEY (order_id, line))\
                """,
                """
                CREATE TABLE shop.payments (id bigserial PRIMARY KEY, order_id bigint NOT NULL,
                    amount numeric(12,2) NOT NULL, method text NOT NULL,
                    paid timestamptz NOT NULL DEFAULT now())\
                """,
                """
                CREATE TABLE shop.events (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT
                    now(), body jsonb NOT NULL)\
                """,
                "CREATE TABLE shop.heartbeats (number bigint PRIMARY KEY, at timestamptz NOT"
                        + " NULL)");
    }

    /** Secondary indexes and foreign keys. */
    private static List<String> indexesAndForeignKeys() {
        return List.of(
                "CREATE UNIQUE INDEX customers_email ON shop.customers (lower(email))",
                "CREATE INDEX products_tags ON shop.products USING gin (tags)",
                "CREATE INDEX orders_customer ON shop.orders (customer_id, placed DESC)",
                "CREATE INDEX orders_open ON shop.orders (placed) WHERE status <> 'shipped'",
                "CREATE INDEX order_items_product ON shop.order_items (product_id)",
                "CREATE INDEX payments_order ON shop.payments (order_id)",
                "CREATE INDEX events_at ON shop.events (at)",
                "ALTER TABLE shop.orders ADD FOREIGN KEY (customer_id) REFERENCES shop.customers",
                "ALTER TABLE shop.order_items ADD FOREIGN KEY (order_id) REFERENCES shop.orders ON"
                        + " DELETE CASCADE",
                "ALTER TABLE shop.order_items ADD FOREIGN KEY (product_id) REFERENCES"
                        + " shop.products",
                "ALTER TABLE shop.payments ADD FOREIGN KEY (order_id) REFERENCES shop.orders");
    }

    private List<String> rows() {
        return List.of(
                """
                INSERT INTO shop.customers (name, email, address, points, created)
                SELECT 'Customer ' || i, 'customer' || i || '@example.com',
                    i || ' Warehouse Street, ' || substr(md5(i::text), 1, 12), i %% 500,
                    timestamptz '2024-01-01 00:00Z' + i * interval '7 minutes'
                FROM generate_series(1, %d) i\
                """
                        .formatted(customers),
                """
                INSERT INTO shop.products (name, description, price, stock, tags)
                SELECT 'Product ' || i, repeat(md5(i::text) || ' ', 1 + i %% 20), 1 + i %% 977 / 4.0,
                    1000 + i %% 1000, ARRAY['tag' || i %% 17, 'tag' || i %% 5]
                FROM generate_series(1, %d) i\
                """
                        .formatted(products()),
                """
                INSERT INTO shop.orders (customer_id, status, total, placed, shipped)
                SELECT 1 + (i::bigint * 7919) %% %d, CASE WHEN i %% 20 = 0 THEN 'paid' ELSE 'shipped' END,
                    5 + i %% 5000 / 10.0, timestamptz '2024-06-01 00:00Z' + i * interval '3 minutes',
                    CASE WHEN i %% 20 > 0 THEN timestamptz '2024-06-03 00:00Z' + i * interval '3 minutes' END
                FROM generate_series(1, %d) i\
                """
                        .formatted(customers, orders()),
                """
                INSERT INTO shop.order_items
                SELECT i, line, 1 + (i::bigint * 31 + line * 101) %% %d, 1 + (i + line) %% 4, 1 + i %% 977 / 4.0
                FROM generate_series(1, %d) i, generate_series(1, 1 + i %% 4) line\
                """
                        .formatted(products(), orders()),
                """
                INSERT INTO shop.payments (order_id, amount, method, paid)
                SELECT i, 5 + i %% 5000 / 10.0, (ARRAY['card', 'transfer', 'voucher'])[1 + i %% 3],
                    timestamptz '2024-06-01 12:00Z' + i * interval '3 minutes'
                FROM generate_series(1, %d) i\
                """
                        .formatted(orders()),
                """
                INSERT INTO shop.events (at, body)
                SELECT timestamptz '2024-06-01 00:00Z' + i * interval '2 minutes',
                    jsonb_build_object('kind', 'order.placed', 'order', i, 'items', 1 + i %% 4,
                        'agent', 'browser ' || i %% 100)
                FROM generate_series(1, %d) i\
                """
                        .formatted(orders()));
    }

    /** Creates the shop without any row. */
    static void createEmpty(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>(tables());
        all.addAll(indexesAndForeignKeys());
        execute(connection, all);
    }

    /** Creates the shop with its rows; indexes after them, since that is quicker. */
    void createFilled(Connection connection) throws SQLException {
        List<String> all = new ArrayList<>(tables());
        all.addAll(rows());
        all.addAll(indexesAndForeignKeys());
        all.add("ANALYZE");
        execute(connection, all);
    }

    private static void execute(Connection connection, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
