// A program with everything that earshot's binary must not have, so that the test of that is known to fail.
int main() {
  return 0;
}
