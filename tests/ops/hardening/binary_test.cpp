// The binary that users run, as the linker left it.
#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/ops/hardening/elf_file.h"

namespace earshot {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Binary, HasEveryProtectionOfTheLinker) {
  EXPECT_THAT(missing_protection(read_elf(EARSHOT_BINARY)), IsEmpty());
}

TEST(Binary, ChecksTheLengthsThatTheCompilerKnows) {
#ifndef EARSHOT_IS_FORTIFIED
  GTEST_SKIP() << "only release builds fortify: it needs optimisation";
#endif
  const ElfFile elf = read_elf(EARSHOT_BINARY);
  EXPECT_TRUE(std::ranges::any_of(elf.imports, [](const std::string& name) {
    return name.starts_with("__") && name.ends_with("_chk");
  })) << "no function of the C library is called in its checked form";
}

TEST(Binary, MarksItsBranchTargetsAndTakesAShadowStack) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "x86-64 only";
#endif
  const ElfFile elf = read_elf(EARSHOT_BINARY);
  EXPECT_NE(elf.x86_features & GNU_PROPERTY_X86_FEATURE_1_SHSTK, 0U);
  EXPECT_GT(elf.branch_targets, 1000U) << "not compiled with -fcf-protection";
}

TEST(Binary, OfAnUnhardenedProgramIsTold) {
  const ElfFile elf = read_elf(UNHARDENED_BINARY);
  EXPECT_THAT(
      missing_protection(elf),
      UnorderedElementsAre("position independence", "relocations made read-only", "binding at the start",
                           "a stack without code", "libraries from the system's own places", "stack protector"));
  EXPECT_EQ(elf.x86_features & GNU_PROPERTY_X86_FEATURE_1_SHSTK, 0U);
}

TEST(Binary, ThatIsNoneIsTold) {
  EXPECT_FALSE(read_elf("/etc/passwd").is_read);
  EXPECT_FALSE(missing_protection(read_elf("/nowhere")).empty());
}

}  // namespace
}  // namespace earshot
