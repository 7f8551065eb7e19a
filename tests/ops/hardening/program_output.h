// Runs a command line of the shell and takes what it prints.
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <string>

namespace earshot {

struct ProgramOutput {
  int status = -1;  // 127: there is no such program
  std::string text;
};

inline ProgramOutput output_of(const std::string& command) {
  ProgramOutput output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  char buffer[4096];
  for (size_t count = 0; (count = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.text.append(buffer, count);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) output.status = WEXITSTATUS(status);
  return output;
}

}  // namespace earshot
