/** Whom a refused sign-in is booked to in the audit log: the name that was typed may be no user's. */
export const NOBODY = '';

/** Why the credentials of the user on the login page stay. */
export const PUBLISHED = 'The password of this user stands on the login page, so it cannot be changed. Sign in as another user to try it.';

/** Why what the sign-in of the login page needs stays. */
export const PUBLISHED_RIGHTS = 'Visitors sign in as this user from the login page: address, role, customers and status stay. Change another user to try it.';
