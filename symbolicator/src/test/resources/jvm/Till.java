package till;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** Throws in many ways; which one is the argument. Compiled, obfuscated and run by ObfuscatedProgramsTest. */
public final class Till {
    private final Shelf shelf = new Shelf();

    public static void run(int way) {
        new Till().sell(way);
    }

    private void sell(int way) {
        switch (way % 6) {
            case 0 -> direct(way);
            case 1 -> overloaded("" + way);
            case 2 -> lambda(way);
            case 3 -> nested(way);
            case 4 -> wrapped(way);
            default -> deep(way, 3);
        }
    }

    private void direct(int way) {
        shelf.take(way);
        shelf.put(way);
    }

    private void overloaded(String way) {
        overloaded(Integer.parseInt(way));
    }

    private void overloaded(int way) {
        if (way > 20) {
            overloaded((long) way);
        }
        shelf.take(way);
    }

    private void overloaded(long way) {
        shelf.put((int) way);
    }

    private void lambda(int way) {
        IntUnaryOperator twice = n -> {
            shelf.check(n);
            return 2 * n;
        };
        Supplier<Integer> later = () -> twice.applyAsInt(way);
        later.get();
    }

    private void nested(int way) {
        new Object() {
            void inner() {
                Receipt receipt = new Receipt(way);
                receipt.print();
            }
        }.inner();
    }

    private void wrapped(int way) {
        try {
            direct(way);
        } catch (SoldOut e) {
            throw new IllegalStateException("sold out at " + way, e);
        } catch (IllegalArgumentException e) {
            SoldOut other = new SoldOut("closed");
            other.addSuppressed(e);
            throw other;
        }
    }

    private int deep(int way, int depth) {
        if (depth == 0) {
            return shelf.take(way);
        }
        int below = deep(way, depth - 1);
        return below + 1;
    }

    /** A class of its own, so that its name is one of many. */
    public static final class SoldOut extends RuntimeException {
        SoldOut(String message) {
            super(message);
        }
    }

    private static final class Receipt {
        private final List<Integer> lines = new ArrayList<>();
        private final int way;

        Receipt(int way) {
            this.way = way;
        }

        void print() {
            lines.add(way);
            lines.forEach(this::line);
        }

        private void line(int number) {
            Shelf.fail(number);
        }
    }
}

final class Shelf {
    private int left;

    int take(int way) {
        if (way % 2 == 0) {
            throw new Till.SoldOut("nothing left of " + way);
        }
        left--;
        return check(way);
    }

    void put(int way) {
        left++;
        fail(way);
    }

    int check(int way) {
        int[] three = new int[3];
        if (way % 7 == 3) {
            Object text = "text";
            return (Integer) text;
        }
        return three[way + left + 3];
    }

    static void fail(int way) {
        if (way % 3 == 0) {
            throw new IllegalArgumentException("odd " + way);
        }
        Objects.requireNonNull(way > 1000 ? "" : null);
    }
}
