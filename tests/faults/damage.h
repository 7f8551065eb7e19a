// Damage to files, as a failing disk, a careless copy or a crash of the machine does it.
#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace earshot::faults {

// Cuts short, flips a bit of, blanks a page of or deletes a file of the folder, or several of them; answers what it
// did.
std::string damage_folder(const std::filesystem::path& folder, std::mt19937_64& random);

}  // namespace earshot::faults
