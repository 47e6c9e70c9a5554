'use client';

import { useState } from 'react';
import { type FormErrors, formErrors, refusalErrors } from '@/components/shell/form-errors';
import { useAddLettaServer, useExamineAddress } from '@/lib/client/letta-server-mutations';
import { AddLettaServer, type LettaDialect, type LettaServer } from '@/lib/protocol/letta-server';
import { allPassed, blamedField } from './doctor-words';
import { suggestedName, toServerName } from './server-name';

type Values = { dialect: LettaDialect; url: string; token: string; name: string };

const paths = ['dialect', 'url', 'token', 'name'];

const toRequest = ({ dialect, url, token, name }: Values) => ({
  dialect,
  url: url.trim(),
  name: name.replace(/-+$/, ''),
  ...(token.trim() === '' ? {} : { token: token.trim() }),
});

/** State and steps of connecting a Letta server: check the form, let the doctor try, save. */
export function useConnectForm(onConnected: (server: LettaServer) => void) {
  const [values, setValues] = useState<Values>({ dialect: 'rest', url: '', token: '', name: '' });
  const [nameIsOwn, setNameIsOwn] = useState(false);
  const [errors, setErrors] = useState<FormErrors<'url' | 'token' | 'name'>>({});
  const examine = useExamineAddress();
  const add = useAddLettaServer();
  const report = examine.data ?? null;
  const failed = (error: Error) => setErrors(refusalErrors(error, paths));

  const set = (change: Partial<Values>) => {
    if (change.name !== undefined) setNameIsOwn(change.name !== '');
    setValues((before) => {
      const after = { ...before, ...change };
      const named = change.name ?? (nameIsOwn ? before.name : suggestedName(after.url));
      return { ...after, name: toServerName(named) };
    });
    const touched = Object.keys(change);
    setErrors((before) => Object.fromEntries(Object.entries(before).filter(([path]) => !touched.includes(path))));
  };

  /** The values as a request, or null with the errors shown. */
  const checked = (): AddLettaServer | null => {
    const request = AddLettaServer.safeParse(toRequest(values));
    setErrors(request.success ? {} : formErrors(AddLettaServer, toRequest(values)));
    return request.success ? request.data : null;
  };
  const save = (server: AddLettaServer | null) => {
    if (server) add.mutate(server, { onSuccess: onConnected, onError: failed });
  };

  const connect = () => {
    const server = checked();
    if (!server) return;
    const { name: _name, ...address } = server;
    examine.mutate(address, {
      onError: failed,
      onSuccess: (found) => {
        const blamed = blamedField(found);
        if (blamed) setErrors({ [blamed.field]: blamed.message });
        if (allPassed(found)) save(server);
      },
    });
  };

  return {
    values,
    errors,
    report,
    examining: examine.isPending,
    busy: examine.isPending || add.isPending,
    maySaveAnyway: report !== null && !allPassed(report) && !examine.isPending,
    set,
    connect,
    saveAnyway: () => save(checked()),
  };
}
