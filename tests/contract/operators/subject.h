// Subject: an operator under the contract that every operator keeps. A new operator adds a subject to the list in
// subjects.cpp; the contract test fails while it is missing there.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace earshot::contract {

// What comes in: one post, at a number of seconds after the start.
struct Item {
  std::string id;
  std::string text;
  std::string author;
  int64_t time_s = 0;
};

class Subject {
 public:
  virtual ~Subject() = default;

  // Works on one item; the answer is everything that the operator says about it, as text.
  virtual std::string apply(const Item& item) = 0;

  // What a commit, a crash and a restart leave: a new operator on whatever the last one keeps (nothing for most).
  virtual void restart() = 0;
};

struct NamedSubject {
  std::string name;  // of the operator's folder
  std::function<std::unique_ptr<Subject>()> make;
};

const std::vector<NamedSubject>& subjects();

}  // namespace earshot::contract
