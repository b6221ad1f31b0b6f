/**
 * Disks that write shingled tracks and manage that by themselves, without a word to the host. Model numbers as the makers
 * published them in 2020 (Western Digital, Seagate, Toshiba) and as smartmontools' drive database marks them.
 */
const families: readonly { readonly family: string; readonly models: RegExp }[] = [
  { family: 'WD Red (2 to 6 TB, EFAX)', models: /^(?:WDC )?WD[2346]0EFAX/ },
  { family: 'WD Blue 3.5"', models: /^(?:WDC )?WD(?:[2346]0EZAZ|60EDAZ|[234]0EZBX)/ },
  { family: 'WD Blue and Black 2.5"', models: /^(?:WDC )?WD[12]0SP[SZ]X/ },
  { family: 'Seagate BarraCuda 3.5"', models: /^(?:Seagate )?ST(?:2000DM00[589]|3000DM007|4000DM00[45]|6000DM003|8000DM004)\b/ },
  { family: 'Seagate BarraCuda 2.5"', models: /^(?:Seagate )?ST(?:500LM030|1000LM04[89]|2000LM015|3000LM024|4000LM024|5000LM000)\b/ },
  { family: 'Seagate Archive HDD', models: /^(?:Seagate )?ST[568]000AS00[01][12]\b/ },
  { family: 'Toshiba P300', models: /^TOSHIBA HDWD2[246]0/ },
  { family: 'Toshiba L200', models: /^TOSHIBA HDWL1[12]0/ },
  { family: 'Toshiba MQ04', models: /^TOSHIBA MQ04(?:A[BC]F|UBB)/ },
];

/** The family of a disk that is known to write shingled tracks. */
export function shingledFamily(model: string | undefined): string | undefined {
  return model === undefined ? undefined : families.find((one) => one.models.test(model.trim()))?.family;
}
