// Where a query's text begins in its file, for each way that YAML has to write it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/schemas/listener/listener_folder.h"

namespace earshot {
namespace {

struct Style {
  std::string_view name;
  std::string_view query_yaml;  // from the key on
  int line;
  int column;
  bool is_verbatim;
};

class QueryOriginTest : public testing::TestWithParam<Style> {};

TEST_P(QueryOriginTest, IsWhereItsFirstCharacterStands) {
  const ListenerFolder folder;
  folder.write("a.yaml", fmt::format("listeners:\n- name: a\n  spoke: s\n  owner: o\n  {}", GetParam().query_yaml));
  const auto set = folder.load();
  ASSERT_TRUE(set) << set.error().to_string();
  const QueryOrigin& origin = (*set)->listeners[0].origin;
  EXPECT_EQ(origin.file, (folder.path() / "a.yaml").string());
  EXPECT_EQ(origin.line, GetParam().line);
  EXPECT_EQ(origin.column, GetParam().column);
  EXPECT_EQ(origin.is_verbatim, GetParam().is_verbatim);
}

INSTANTIATE_TEST_SUITE_P(Styles, QueryOriginTest,
                         testing::Values(Style{"Plain", "query: one OR two\n", 5, 10, true},
                                         Style{"OnTheNextLine", "query:\n    one OR two\n", 6, 5, true},
                                         Style{"SingleQuoted", "query: 'one \"two three\"'\n", 5, 11, true},
                                         Style{"DoubleQuoted", "query: \"one OR two\"\n", 5, 11, true},
                                         Style{"WithEscapes", "query: \"one \\\"two\\\"\"\n", 5, 10, false},
                                         Style{"LiteralBlock", "query: |\n    one OR\n      two\n", 6, 5, true},
                                         Style{"LiteralBlockWithBlankLine", "query: |\n\n    one\n", 6, 5, true},
                                         Style{"LiteralBlockWithIndentation", "query: |1\n     one\n", 6, 4, true},
                                         Style{"FoldedBlockOfOneLine", "query: >-\n    one OR two\n", 6, 5, true},
                                         Style{"FoldedBlock", "query: >-\n    one OR\n    two\n", 5, 10, false},
                                         Style{"PlainOverTwoLines", "query: one OR\n    two\n", 5, 10, false}),
                         [](const testing::TestParamInfo<Style>& style) { return std::string(style.param.name); });

}  // namespace
}  // namespace earshot
