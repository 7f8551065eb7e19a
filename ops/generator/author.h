// Author: who wrote a generated post. Everything about an author follows from language, platform and number, so that
// none is stored and the same one comes back with the same name and followers.
#pragma once

#include <cstdint>
#include <string>

#include "ops/generator/random.h"
#include "ops/generator/world.h"

namespace earshot::generator {

struct Author {
  std::string id;
  std::string handle;
  std::string name;
  int64_t followers = 0;  // half of all have fewer than 60; each doubling is half as common (a power law)
};

// Fills in the author with that number; reuses the strings of `author`.
void describe_author(Author& author, size_t language, Platform platform, uint64_t number);

// Number of an author who writes; a few of them write much.
uint64_t pick_author(size_t language, Platform platform, Random& random);

}  // namespace earshot::generator
