import type { CurrencyCode } from '#contract/documents/money.ts';

/**
 * The currencies whose minor unit is not a hundredth, from ISO 4217 (list one). `Intl` is no source for
 * this: it gives the digits of everyday use (CLDR), which differ.
 */
const EXPONENTS: Readonly<Record<string, number>> = {
	...exponent(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
	...exponent(3, 'BHD IQD JOD KWD LYD OMR TND'),
	...exponent(4, 'CLF UYW')
};

function exponent(digits: number, codes: string): Record<string, number> {
	return Object.fromEntries(codes.split(' ').map((code) => [code, digits]));
}

/** How many decimal digits the currency's minor unit has: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: CurrencyCode): number {
	return EXPONENTS[currency] ?? 2;
}

/** Every ISO 4217 currency that the platform knows. */
export function allCurrencies(): CurrencyCode[] {
	return Intl.supportedValuesOf('currency');
}

const EURO = 'AT BE CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK';
const BY_REGION: Readonly<Record<string, CurrencyCode>> = {
	...Object.fromEntries(EURO.split(' ').map((region) => [region, 'EUR'])),
	...Object.fromEntries(
		(
			'AE:AED AR:ARS AU:AUD BD:BDT BG:BGN BH:BHD BR:BRL CA:CAD CH:CHF CL:CLP CN:CNY CO:COP CZ:CZK ' +
			'DK:DKK EG:EGP GB:GBP HK:HKD HU:HUF ID:IDR IL:ILS IN:INR IS:ISK JO:JOD JP:JPY KE:KES KR:KRW ' +
			'KW:KWD LK:LKR MA:MAD MX:MXN MY:MYR NG:NGN NO:NOK NP:NPR NZ:NZD OM:OMR PE:PEN PH:PHP PK:PKR ' +
			'PL:PLN QA:QAR RO:RON RS:RSD RU:RUB SA:SAR SE:SEK SG:SGD TH:THB TN:TND TR:TRY TW:TWD UA:UAH ' +
			'US:USD VN:VND ZA:ZAR'
		)
			.split(' ')
			.map((pair) => pair.split(':') as [string, string])
	)
};

/**
 * The currency of the region that a language tag names, else of the region that the clock is set to, else of the
 * one that the language most likely means; USD where none is known.
 *
 * @param timeZone an IANA name.
 */
export function guessCurrency(locale: string | undefined, timeZone?: string): CurrencyCode {
	const named = regionOf(locale, (tag) => tag.region);
	const region = named ?? regionAt(timeZone) ?? regionOf(locale, (tag) => tag.maximize().region);
	return (region && BY_REGION[region]) || 'USD';
}

function regionOf(
	locale: string | undefined,
	read: (tag: Intl.Locale) => string | undefined
): string | undefined {
	try {
		return locale ? read(new Intl.Locale(locale)) : undefined;
	} catch {
		// Not a language tag: some embedded browsers report "C" or nothing.
		return undefined;
	}
}

/** The region of a time zone, of those whose currency is known here. Not every browser can say. */
function regionAt(timeZone: string | undefined): string | undefined {
	return Object.keys(BY_REGION).find((region) => {
		const place: Intl.Locale & { getTimeZones?(): string[] | undefined; timeZones?: string[] } =
			new Intl.Locale(`und-${region}`);
		return (place.getTimeZones?.() ?? place.timeZones)?.includes(timeZone ?? '');
	});
}
