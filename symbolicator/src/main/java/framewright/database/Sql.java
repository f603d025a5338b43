package framewright.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Statements with parameters, on one connection. Parameters are strings, whole numbers, bytes and null. A statement is
 * prepared once, however often it is used until the end.
 */
public final class Sql implements AutoCloseable {
    /** Well below the parameters that either database takes. */
    private static final int PER_STATEMENT = 500;

    /** Lists of values make statements of their own. */
    private static final int MOST_STATEMENTS = 100;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Sql(Connection connection) {
        this.connection = connection;
    }

    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    public <T> List<T> all(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
        try (ResultSet rows = prepared(sql, parameters).executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row.read(rows));
            }
            return all;
        }
    }

    /** The first row; null: there is none. */
    public <T> @Nullable T first(String sql, Row<T> row, @Nullable Object... parameters) throws SQLException {
        List<T> all = all(sql, row, parameters);
        return all.isEmpty() ? null : all.getFirst();
    }

    /** How many rows it has changed. */
    public int update(String sql, @Nullable Object... parameters) throws SQLException {
        return prepared(sql, parameters).executeUpdate();
    }

    /** The same statement for many rows, in one go. */
    public void batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
        PreparedStatement statement = prepared(sql);
        // of whoever has used it before and failed in between
        statement.clearBatch();
        for (@Nullable Object[] row : rows) {
            fill(statement, row);
            statement.addBatch();
        }
        statement.executeBatch();
    }

    /** The values in lists that are no longer than a statement may have parameters. */
    public static List<List<String>> portions(List<String> values) {
        List<List<String>> portions = new ArrayList<>();
        for (int from = 0; from < values.size(); from += PER_STATEMENT) {
            portions.add(values.subList(from, Math.min(values.size(), from + PER_STATEMENT)));
        }
        return portions;
    }

    /** Parameters of a statement: some, then a portion. */
    public static @Nullable Object[] with(List<String> portion, Object... first) {
        List<Object> all = new ArrayList<>(List.of(first));
        all.addAll(portion);
        return all.toArray();
    }

    /** {@code ?, ?, ?}: for as many values. */
    public static String marks(int count) {
        return "?, ".repeat(count - 1) + "?";
    }

    /** What {@code LIKE ? ESCAPE '\\'} takes for a text anywhere. */
    public static String containing(String text) {
        return "%" + beginning(text);
    }

    /** What it takes for a text at the beginning. */
    public static String beginning(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    public static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            if (statements.size() >= MOST_STATEMENTS) {
                close();
            }
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        fill(statement, parameters);
        return statement;
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : statements.values()) {
            statement.close();
        }
        statements.clear();
    }

    private static void fill(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            // PostgreSQL takes no zero characters, which names from hostile files have
            Object parameter = parameters[i] instanceof String text ? text.replace('\0', '\uFFFD') : parameters[i];
            statement.setObject(i + 1, parameter);
        }
    }
}
