/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/unit.h"
#include "judge/chance.h"

/* p as fractions that can be counted by hand, or by R's fisher.test() */
START_TEST(fishers_test)
{
	static const struct {
		struct run_count old, new;
		double p;
	} vectors[] = {
		{{0, 1}, {1, 1}, 1.0 / 2},
		{{0, 5}, {1, 1}, 1.0 / 6},
		{{0, 19}, {1, 1}, 1.0 / 20},
		{{0, 39}, {1, 2}, 2.0 / 41},
		{{0, 2}, {2, 2}, 1.0 / 6},
		{{0, 3}, {3, 3}, 1.0 / 20},
		{{1, 5}, {2, 5}, 0.5},
		{{0, 5}, {2, 5}, 10.0 / 45},
		{{3, 4}, {1, 4}, 69.0 / 70},
		{{1, 4}, {3, 4}, 17.0 / 70},
		{{1, 20}, {20, 20}, 20 / 131282408400.0},
		{{0, 5}, {0, 5}, 1},
		{{5, 5}, {5, 5}, 1},
		{{5, 5}, {0, 5}, 1},
		{{0, 0}, {1, 1}, 1},
		{{1, 1}, {0, 0}, 1},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_msg(chance_of_more(&vectors[i].old, &vectors[i].new) <
					      vectors[i].p + 1e-9 &&
				      chance_of_more(&vectors[i].old,
						     &vectors[i].new) >
					      vectors[i].p - 1e-9,
			      "vector %zu: %f", i,
			      chance_of_more(&vectors[i].old, &vectors[i].new));
}
END_TEST

/* Both tails hold what was seen: together they are 1 and that. */
START_TEST(many_runs)
{
	const struct run_count few = {300, 1000}, many = {360, 1000};
	double up = chance_of_more(&few, &many);
	double down = chance_of_more(&many, &few);

	ck_assert(up > 0.0020 && up < 0.0030);
	ck_assert(down > 0.99 && down < 1);
}
END_TEST

UNIT_MAIN("chance", fishers_test, many_runs)
