package warp.sandbox.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.SplittableRandom;

/**
 * What one session of the shop does: orders, payments, deliveries, cancellations, new customers,
 * new prices.
 */
final class ShopVisitors {

    private final Shop shop;
    private final SplittableRandom random;

    ShopVisitors(Shop shop, SplittableRandom random) {
        this.shop = shop;
        this.random = random;
    }

    /** One transaction; see {@link warp.sandbox.LoadSessions.Transaction}. */
    long visit(Connection connection) throws SQLException {
        int kind = random.nextInt(100);
        long rows;
        if (kind < 40) {
            rows = placeOrder(connection);
        } else if (kind < 60) {
            rows = pay(connection);
        } else if (kind < 75) {
            rows = ship(connection);
        } else if (kind < 82) {
            rows = cancel(connection);
        } else if (kind < 90) {
            rows = registerCustomer(connection);
        } else {
            rows = changePrices(connection);
        }
        if (random.nextInt(50) == 0) {
            connection.rollback(); // somebody changes his mind
            return -1;
        }
        connection.commit();
        return rows;
    }

    private long placeOrder(Connection connection) throws SQLException {
        long rows =
                update(
                        connection,
                        "INSERT INTO shop.orders (customer_id, status) VALUES (?, 'new')",
                        1 + random.nextInt(shop.customers()));
        int lines = 1 + random.nextInt(5);
        for (int line = 1; line <= lines; line++) {
            int product = 1 + random.nextInt(shop.products());
            int quantity = 1 + random.nextInt(3);
            rows +=
                    update(
                            connection,
                            "INSERT INTO shop.order_items SELECT currval('shop.orders_id_seq'), ?,"
                                    + " id, ?, price FROM shop.products WHERE id = ?",
                            line,
                            quantity,
                            product);
            rows +=
                    update(
                            connection,
                            "UPDATE shop.products SET stock = stock - ? WHERE id = ?",
                            quantity,
                            product);
        }
        rows +=
                update(
                        connection,
                        "UPDATE shop.orders SET total = (SELECT sum(quantity * price) FROM"
                                + " shop.order_items WHERE order_id = id) WHERE id ="
                                + " currval('shop.orders_id_seq')");
        return rows
                + update(
                        connection,
                        "INSERT INTO shop.events (body) SELECT jsonb_build_object('kind',"
                                + " 'order.placed', 'order', currval('shop.orders_id_seq'),"
                                + " 'items', ?)",
                        lines);
    }

    private long pay(Connection connection) throws SQLException {
        int first = random.nextInt(20);
        return update(
                connection,
                "WITH paid AS (UPDATE shop.orders SET status = 'paid' WHERE id IN (SELECT id FROM"
                        + " shop.orders WHERE status = 'new' ORDER BY placed OFFSET ? LIMIT 2 FOR"
                        + " UPDATE SKIP LOCKED) RETURNING id, total) INSERT INTO shop.payments"
                        + " (order_id, amount, method) SELECT id, total, 'card' FROM paid",
                first);
    }

    private long ship(Connection connection) throws SQLException {
        return update(
                connection,
                "UPDATE shop.orders SET status = 'shipped', shipped = clock_timestamp() WHERE id IN"
                        + " (SELECT id FROM shop.orders WHERE status = 'paid' ORDER BY placed LIMIT"
                        + " ? FOR UPDATE SKIP LOCKED)",
                1 + random.nextInt(10));
    }

    private long cancel(Connection connection) throws SQLException {
        return update(
                connection,
                "DELETE FROM shop.orders WHERE id IN (SELECT id FROM shop.orders WHERE status ="
                        + " 'new' ORDER BY placed LIMIT ? FOR UPDATE SKIP LOCKED)",
                1 + random.nextInt(2));
    }

    private long registerCustomer(Connection connection) throws SQLException {
        long rows =
                update(
                        connection,
                        "INSERT INTO shop.customers (name, email) SELECT 'New customer',"
                                + " 'new' || currval(pg_get_serial_sequence('shop.customers',"
                                + " 'id')) || '@example.com' FROM (SELECT"
                                + " nextval('shop.customers_id_seq')) n");
        return rows
                + update(
                        connection,
                        "UPDATE shop.customers SET address = NULL, points = points + ? WHERE id ="
                                + " ?",
                        random.nextInt(10),
                        1 + random.nextInt(shop.customers()));
    }

    /** A statement of many rows; the wide descriptions stay as they are. */
    private long changePrices(Connection connection) throws SQLException {
        int first = 1 + random.nextInt(shop.products());
        return update(
                connection,
                "UPDATE shop.products SET price = round(price * 1.01, 2), stock = stock + 5 WHERE"
                        + " id IN (SELECT id FROM shop.products WHERE id BETWEEN ? AND ? ORDER BY"
                        + " id FOR UPDATE)",
                first,
                first + 15);
    }

    private static long update(Connection connection, String sql, int... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setInt(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }
}
