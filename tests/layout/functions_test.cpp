#include "tests/layout/functions.h"

#include <gtest/gtest.h>

namespace earshot::layout {
namespace {

using Spans = std::vector<FunctionSpan>;

TEST(CppFunctions, CountsFromTheSignatureToTheBrace) {
  EXPECT_EQ(cpp_functions("int one() { return 1; }\n\nint\ntwo(int a,\n    int b) {\n  return a;\n}\n"),
            (Spans{{"one", 1, 1}, {"two", 3, 5}}));
}

TEST(CppFunctions, LooksIntoNamespacesAndClasses) {
  EXPECT_EQ(cpp_functions(R"source(
namespace a::b {
class Box : public Base {
 public:
  explicit Box(int size) : size_{size}, name_("}") {
    grow();
  }
  int size() const { return size_; }

 private:
  int size_{0};
};
}  // namespace a::b
)source"),
            (Spans{{"Box", 5, 3}, {"size", 8, 1}}));
}

TEST(CppFunctions, CountsLambdasWithTheFunctionAroundThem) {
  EXPECT_EQ(cpp_functions("void f() {\n  auto g = [](int x) {\n    return x;\n  };\n}\n"), (Spans{{"f", 1, 5}}));
}

TEST(CppFunctions, PassesOverTablesAndTypes) {
  EXPECT_EQ(cpp_functions(
                "constexpr int kTable[] = {\n  make(1),\n  2};\nenum class E { kA, kB };\nstruct S {\n  int a;\n};\n"
                "template <class T = int>\nT id(T t) { return t; }\n"),
            (Spans{{"id", 8, 2}}));
}

TEST(CppFunctions, IsNotMisledByBracesInTextAndComments) {
  EXPECT_EQ(cpp_functions("void f() {\n  // }\n  puts(\"}\");  /* } */\n  char c = '}';\n  int n = 1'000;\n}\n"),
            (Spans{{"f", 1, 6}}));
  EXPECT_EQ(cpp_functions("auto t = R\"x(\n} void g() {\n)x\";\nvoid f() {}\n"), (Spans{{"f", 4, 1}}));
  EXPECT_EQ(cpp_functions("#define OPEN void g() { \\\n  {\nvoid f() {}\n"), (Spans{{"f", 3, 1}}));
}

TEST(CppFunctions, NamesTestsByTheirArguments) {
  EXPECT_EQ(cpp_functions("TEST(Suite, Says) {\n}\n"), (Spans{{"TEST(Suite, Says)", 1, 2}}));
}

TEST(CppFunctions, FindsOperatorsAndTrailingReturns) {
  const Spans found =
      cpp_functions("bool operator==(A a, A b) {\n  return a.x == b.x;\n}\nauto f() -> int {\n  return 1;\n}\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].line_count, 3U);
  EXPECT_EQ(found[1], (FunctionSpan{"f", 4, 3}));
}

TEST(PythonFunctions, EndWhereTheIndentationEnds) {
  EXPECT_EQ(
      python_functions(
          "def one(a,\n        b):\n    if a:\n\n        return b\n\n\nclass C:\n    def two(self):\n        pass\n"),
      (Spans{{"one", 1, 5}, {"two", 9, 2}}));
}

TEST(ShellFunctions, EndAtTheBraceAtTheMargin) {
  EXPECT_EQ(shell_functions("#!/bin/bash\none() { echo; }\ntwo() {\n  if true; then\n    echo '}'\n  fi\n}\ntwo\n"),
            (Spans{{"one", 2, 1}, {"two", 3, 5}}));
}

TEST(WithoutLiterals, KeepsEveryByteInItsPlace) {
  const std::string source = "int a = 1;  // one\nchar* b = \"two\\\"\";\n";
  const std::string code = without_literals(source);
  EXPECT_EQ(code.size(), source.size());
  EXPECT_EQ(code, "int a = 1;        \nchar* b =        ;\n");
}

}  // namespace
}  // namespace earshot::layout
