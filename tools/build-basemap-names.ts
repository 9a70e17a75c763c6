/**
 * Judgements the sources do not make: spellings in official use today, cities that lead the map, and populations that
 * are plainly wrong in the source. Everything else is taken as it comes.
 */

/** Spelling in the source (marks removed) → name in use, per country. */
export const PLACE_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  IN: {
    Allahabad: 'Prayagraj', Ahmadnagar: 'Ahilyanagar', Alleppey: 'Alappuzha', Anantapur: 'Anantapuramu', Barddhaman: 'Bardhaman',
    Belgaum: 'Belagavi', Bellary: 'Ballari', Berhampur: 'Brahmapur', Bhubaneshwar: 'Bhubaneswar', Bijapur: 'Vijayapura', 
    Bahraigh: 'Bahraich', Baharampur: 'Berhampore', Chanda: 'Chandrapur', Chikmagalur: 'Chikkamagaluru', Chapra: 'Chhapra', Closepet: 'Ramanagara', Cochin: 'Kochi', Davangere: 'Davanagere',
    'Dehra Dun': 'Dehradun', Dhulia: 'Dhule', Dinapore: 'Danapur', Ellore: 'Eluru', Fyzabad: 'Ayodhya', Ganganagar: 'Sri Ganganagar',
    'Gonda City': 'Gonda', Gulbarga: 'Kalaburagi', Gurgaon: 'Gurugram', Haora: 'Howrah', Hospet: 'Hosapete', Hubli: 'Hubballi', Hugli: 'Hooghly',
    'Ingraj Bazar': 'Malda', 'Kalimpong, Крукети': 'Kalimpong', Mangalore: 'Mangaluru', Monghyr: 'Munger', Murwara: 'Katni', Mysore: 'Mysuru', 
    Nowrangapur: 'Nabarangpur', Osmanabad: 'Dharashiv', Palghat: 'Palakkad', Pimpri: 'Pimpri-Chinchwad', 'Raj-Nandgaon': 'Rajnandgaon', Rajahmundry: 'Rajamahendravaram',
    Ramgundam: 'Ramagundam', Raurkela: 'Rourkela', Saugor: 'Sagar', Shahjanpur: 'Shahjahanpur', Shimoga: 'Shivamogga', Shrirampur: 'Serampore',
    Tanjore: 'Thanjavur', Sholapur: 'Solapur', Panjim: 'Panaji', Teni: 'Theni', Tumkur: 'Tumakuru', 
  },
  BD: { Chittagong: 'Chattogram' },
  LK: { 'Sri Jayewardenepura Kotte': 'Sri Jayawardenepura Kotte' },
};

/** Same name, other state: `country.admin1.name` → name in use. */
export const PLACE_NAMES_IN_STATE: Readonly<Record<string, string>> = {
  'IN.16.Aurangabad': 'Chhatrapati Sambhajinagar',
  'IN.37.Bijapur': 'Bijapur',
  'IN.02.Anantapur': 'Anantapuramu',
};

/** District spelling in the source (marks, "District" and "Division" removed) → name in use. India. */
export const DISTRICT_NAMES: Readonly<Record<string, string>> = {
  Ahmadabad: 'Ahmedabad', Ahmadnagar: 'Ahilyanagar', Ajitgarh: 'Mohali (SAS Nagar)', 'Bangalore Rural': 'Bengaluru Rural', 'Bangalore Urban': 'Bengaluru Urban',
  Baleshwar: 'Balasore', 'Bara Banki': 'Barabanki', Baramula: 'Baramulla', Belgaum: 'Belagavi', Bid: 'Beed', Chikmagalur: 'Chikkamagaluru', Chamrajnagar: 'Chamarajanagar', Dohad: 'Dahod',
  Ferrukhabad: 'Farrukhabad', Gulbarga: 'Kalaburagi', Haora: 'Howrah', Hugli: 'Hooghly', Jangoan: 'Jangaon', Kulu: 'Kullu', Mahesana: 'Mehsana', Mysore: 'Mysuru', Osmanabad: 'Dharashiv',
  'North & Middle Andaman': 'North and Middle Andaman', Punch: 'Poonch', Rangareddi: 'Ranga Reddy', Shimoga: 'Shivamogga', Shupiyan: 'Shopian', 'Tirunelveli Kattabo': 'Tirunelveli', Tumkur: 'Tumakuru', 'Uttar Kannad': 'Uttara Kannada', 'Uttar Kannada': 'Uttara Kannada',
  Vijayanagar: 'Vijayanagara', YSR: 'YSR Kadapa', 'Dadra & Nagar Haveli': 'Dadra and Nagar Haveli', 
};

/** Districts whose right name depends on the state: `country.admin1.name` → name in use. */
export const DISTRICT_NAMES_IN_STATE: Readonly<Record<string, string>> = {
  'IN.16.Aurangabad': 'Chhatrapati Sambhajinagar',
  'IN.16.Raigarh': 'Raigad',
  'IN.19.Bijapur': 'Vijayapura',
};

/** Leading cities by name in use: rank 0 is labelled first. `country.name`. */
export const LEADING_CITIES: Readonly<Record<string, 0 | 1>> = Object.fromEntries([
  ...['IN.Delhi', 'IN.Mumbai', 'IN.Bengaluru', 'IN.Kolkata', 'IN.Chennai', 'IN.Hyderabad', 'PK.Karachi', 'PK.Lahore', 'BD.Dhaka', 'NP.Kathmandu', 'LK.Colombo', 'AE.Dubai', 'SA.Riyadh', 'MM.Yangon', 'QA.Doha', 'OM.Muscat'].map((name) => [name, 0] as const),
  ...[
    'Ahmedabad', 'Pune', 'Surat', 'Jaipur', 'Lucknow', 'Kanpur', 'Nagpur', 'Indore', 'Bhopal', 'Patna', 'Visakhapatnam', 'Vadodara', 'Ludhiana', 'Coimbatore', 'Kochi', 'Guwahati',
    'Bhubaneswar', 'Chandigarh', 'Srinagar', 'Thiruvananthapuram', 'Raipur', 'Ranchi', 'Dehradun', 'Varanasi', 'Madurai', 'Vijayawada', 'Rajkot', 'Jodhpur', 'Amritsar', 'Mysuru',
  ].map((name) => [`IN.${name}`, 1] as const),
  ...['PK.Islamabad', 'BD.Chattogram', 'BT.Thimphu', 'AE.Abu Dhabi', 'KW.Kuwait City', 'BH.Manama', 'SA.Jeddah', 'MM.Mandalay', 'MM.Nay Pyi Taw', 'MV.Male'].map((name) => [name, 1] as const),
]);

/** Cities of their own right beside a metropolis; everything else next to one counts as its suburb. */
export const OWN_CITIES: ReadonlySet<string> = new Set([
  'Noida', 'Gurugram', 'Faridabad', 'Ghaziabad', 'Greater Noida', 'Navi Mumbai', 'Thane', 'Kalyan', 'Bhiwandi', 'Howrah', 'Pimpri-Chinchwad', 'Secunderabad', 'Gandhinagar', 'Panchkula', 'Mohali',
  'New Delhi', 'Rawalpindi', 'Sharjah', 'Narayanganj', 'Panvel', 'Rupnagar',
]);

/** Populations in the source that are wrong by an order of magnitude: `country.name in use` → census figure, rounded. */
export const POPULATIONS: Readonly<Record<string, number>> = {
  'IN.Nabarangpur': 37_000, 'IN.Bilimora': 54_000, 'IN.Theni': 94_000, 'IN.Punasa': 12_000, 'IN.Gosaba': 6_000, 'IN.Kultali': 6_000, 'IN.Nangi': 80_000, 'IN.Shyamnagar': 90_000,
  'IN.Sujangarh': 101_000, 'IN.Jaigaon': 42_000, 'IN.Kulti': 314_000, 'IN.Gurugram': 877_000, 'IN.Tirunelveli': 474_000, 'IN.Noida': 642_000, 'IN.Greater Noida': 108_000,
};

/** Union territories and states as the gazetteer spells them. */
export const STATE_NAMES: Readonly<Record<string, string>> = { 'Andaman and Nicobar': 'Andaman and Nicobar Islands' };

/** "Sūrat" → "Surat"; Indian English is written without marks, and people search without them. */
export function withoutMarks(text: string): string {
  return text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[ʻʼ’‘`]/g, "'").replace(/\s+/g, ' ').trim();
}

/** "District Banda", "Kaimur District", "Pune Division" → the bare name in use. */
export function districtName(country: string, state: string, source: string): string {
  const bare = withoutMarks(source).replace(/^District /, '').replace(/ (district|division)$/i, '');
  if (country !== 'IN') return bare;
  return DISTRICT_NAMES_IN_STATE[`${country}.${state}.${bare}`] ?? DISTRICT_NAMES[bare] ?? bare;
}

/** The place's name in use. */
export function placeName(country: string, state: string, source: string): string {
  const bare = withoutMarks(source);
  return PLACE_NAMES_IN_STATE[`${country}.${state}.${bare}`] ?? PLACE_NAMES[country]?.[bare] ?? bare;
}

/** Where a country's name is set by hand, because its centre lies in another country or in the sea. ISO code → [lon, lat]. */
export const COUNTRY_LABELS: Readonly<Record<string, readonly [number, number]>> = {
  IN: [79.2, 22.6], AE: [54.2, 23.6], FR: [2.5, 46.6], NL: [5.6, 52.2], ES: [-3.6, 40.1], PT: [-8, 39.6], EC: [-78.4, -1.4], US: [-98.5, 39.5], NO: [9, 61.5], MY: [102.3, 4], ID: [113.9, -0.8], VN: [107.9, 14.4], OM: [56.6, 20.4], HR: [16.4, 45.6], MV: [73.3, 3.6],
};

/** State names moved off the metropolis that shares their centre. Region code → [lon, lat]. */
export const STATE_LABELS: Readonly<Record<string, readonly [number, number]>> = {
  'IN-TG': [79.2, 18.1], 'IN-DL': [77.09, 28.78], 'IN-CH': [76.74, 30.78], 'IN-AN': [92.9, 12.6], 'IN-GA': [74.08, 15.25], 'IN-PY': [79.75, 11.98],
};

/** Short country names where the standard one has a remark in brackets. */
export const COUNTRY_NAMES: Readonly<Record<string, string>> = { MM: 'Myanmar', HK: 'Hong Kong', MO: 'Macao', CG: 'Congo', CD: 'DR Congo', PS: 'Palestine' };
