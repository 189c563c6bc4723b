import { icon } from '../parts/icons.js';

export const slidersIcon = icon(
  'M4 7h9M18.5 7H20M4 17h1.5M11 17h9M18.5 7a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0M11 17a2.75 2.75 0 1 1-5.5 0 2.75 2.75 0 0 1 5.5 0',
);
export const pulseIcon = icon('M2.5 12.5H7L9.75 5l4.5 14L17 12.5h4.5');
export const saveIcon = icon('M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15');
export const copyIcon = icon(
  'M9 9.5A1.5 1.5 0 0 1 10.5 8h7A1.5 1.5 0 0 1 19 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 9 18.5zM15 8V5.5A1.5 1.5 0 0 0 13.5 4h-7A1.5 1.5 0 0 0 5 5.5v9A1.5 1.5 0 0 0 6.5 16H9',
);
export const textIcon = icon('M5 6h14M5 12h14M5 18h8');
export const captionsIcon = icon(
  'M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2M7 14.5h5M15 14.5h2M7 10.5h2M12 10.5h5',
);
export const bracesIcon = icon(
  'M9 4.5c-2 0-2.75 1-2.75 2.75v2c0 1.5-.7 2.4-2.25 2.75 1.55.35 2.25 1.25 2.25 2.75v2c0 1.75.75 2.75 2.75 2.75M15 4.5c2 0 2.75 1 2.75 2.75v2c0 1.5.7 2.4 2.25 2.75-1.55.35-2.25 1.25-2.25 2.75v2c0 1.75-.75 2.75-2.75 2.75',
);
export const recordIcon = icon(
  'M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M15.5 12a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0',
  'record',
);
export const stopIcon = icon('M7 7h10v10H7z', 'solid');
export const trashIcon = icon('M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7');
export const playIcon = icon(
  'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4.25 4.25 0 0 1 0 6M18 6.5a7.75 7.75 0 0 1 0 11',
);
export const microphoneIcon = icon(
  'M9 5.5a3 3 0 0 1 6 0V11a3 3 0 0 1-6 0zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5v4',
);
