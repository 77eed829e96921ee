/* What a test program leaves behind: threads and descriptors. Group fixtures of cmocka:
 *
 *   return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
 */
#ifndef TESTS_LEFTOVERS_H
#define TESTS_LEFTOVERS_H

/* Notes how many threads and descriptors there are. */
int leftovers_note(void **state);
/* Fails, naming them, where there are more than were noted. Threads that are just ending get two seconds. */
int leftovers_check(void **state);

#endif
