// SPDX-License-Identifier: GPL-2.0
/*
 * Takes features away from what the kernel as a whole believes of the processor (boot_cpu_data), as if it had misread CPUID at boot.
 * The copies of each processor, which /proc/cpuinfo prints, stay as they are. Modules that ask boot_cpu_has() when they are loaded,
 * such as ZFS choosing its ciphers, see the difference; what asked before does not.
 *
 *   modprobe labcpu bits=155,153
 *
 * A bit is word * 32 + bit of arch/x86/include/asm/cpufeatures.h: OSXSAVE 155, AES 153, PCLMULQDQ 129, AVX 156. Unloading the module
 * gives back what it took.
 */
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <asm/cpufeature.h>
#include <asm/processor.h>

#define FEATURE_BITS (NCAPINTS * 32)
#define MOST_BITS 32

static unsigned int bits[MOST_BITS];
static unsigned int bits_given;
module_param_array(bits, uint, &bits_given, 0444);
MODULE_PARM_DESC(bits, "numbers of the features to take away");

static DECLARE_BITMAP(taken, FEATURE_BITS);

static unsigned long *believed(void)
{
	return (unsigned long *)boot_cpu_data.x86_capability;
}

static int __init take_features(void)
{
	unsigned int i;

	for (i = 0; i < bits_given; i++)
		if (bits[i] >= FEATURE_BITS)
			return -EINVAL;
	for (i = 0; i < bits_given; i++)
		if (test_and_clear_bit(bits[i], believed()))
			__set_bit(bits[i], taken);
	return 0;
}

static void __exit give_back_features(void)
{
	unsigned int bit;

	for_each_set_bit(bit, taken, FEATURE_BITS)
		set_bit(bit, believed());
}

module_init(take_features);
module_exit(give_back_features);
MODULE_DESCRIPTION("Takes features away from what the kernel believes of the processor");
MODULE_LICENSE("GPL");
