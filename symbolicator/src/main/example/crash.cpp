// A till that crashes: its basket says three items and holds two. See README.md.

#include <cstdio>

namespace till {

struct Item {
    const char *name;
    int cents;
    const Item *next;
};

class Receipt {
  public:
    // Inlined into its caller: the crash is in here, and no frame on the stack says so.
    void add(const Item *item) {
        std::printf("%-8s %3d\n", item->name, item->cents);
        cents_ += item->cents;
    }

    int cents() const { return cents_; }

  private:
    int cents_ = 0;
};

__attribute__((noinline)) static int total(const Item *item, int count) {
    Receipt receipt;
    for (int i = 0; i < count; i++) {
        receipt.add(item);
        item = item->next;
    }
    return receipt.cents();
}

__attribute__((noinline)) static int checkout(const Item *basket, int count) {
    int cents = total(basket, count);
    std::printf("total    %3d\n", cents);
    return cents;
}

}  // namespace till

int main() {
    till::Item pear = {"pear", 60, nullptr};
    till::Item apple = {"apple", 45, &pear};
    return till::checkout(&apple, 3) == 0;
}
