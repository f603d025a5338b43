// Crashes in C++ ways. Built by make.sh.
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual int area() const = 0;
};

struct Square : Shape {
  int side = 3;
  int area() const override { return side * side; }
};

__attribute__((noinline)) int total(const std::vector<std::unique_ptr<Shape>> &shapes) {
  int sum = 0;
  for (const auto &shape : shapes) sum += shape->area();
  return sum;
}

int main(int argc, char **argv) {
  std::string how = argc > 1 ? argv[1] : "virtual";
  std::vector<std::unique_ptr<Shape>> shapes;
  shapes.push_back(std::make_unique<Square>());
  if (how == "throw") throw std::runtime_error("nobody catches this");
  if (how == "virtual") shapes.push_back(nullptr);
  if (how == "thread") {
    std::function<void()> fall = [&] {
      shapes.push_back(nullptr);
      total(shapes);
    };
    std::thread(fall).join();
  }
  return total(shapes);
}
